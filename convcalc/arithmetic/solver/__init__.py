"""From what is known of a layer to all layers that fit."""
