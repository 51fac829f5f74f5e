"""The seam: the only place that knows SpiffWorkflow. Diagrams in, effects out; no SQL, no clock, no network."""
