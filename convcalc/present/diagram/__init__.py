"""A network on one slide: volumes as boxes, branches as branches."""
