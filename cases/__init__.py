"""The trade: cases, clocks, letters.  No I/O and no framework; everything else depends on this room."""
