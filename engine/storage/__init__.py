"""Tables, migrations, and a module of Core statements per noun. Nothing here knows BPMN or what a step means."""
