"""`make bench`: what the product does per second on this machine, beside what it is built on."""
