// Every test starts processes that use all cores: side by side they would only slow each other down.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
