"""HTTP for programs: external work, messages, deployments. The part of the Camunda 7 REST API that its tools use."""
