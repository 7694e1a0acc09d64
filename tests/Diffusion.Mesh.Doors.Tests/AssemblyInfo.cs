// Every test drives the same cluster, which uses all cores: side by side they would only slow each other down.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
