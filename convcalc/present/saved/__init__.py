"""Results as files of arrays and contact sheets."""
