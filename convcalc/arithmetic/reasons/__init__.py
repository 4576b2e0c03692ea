"""Why the numbers of a network are what they are, and by which mistakes others come about."""
