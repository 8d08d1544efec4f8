"""What machines ask: does it live, can it serve, how much waits. Nothing here names a patient."""
