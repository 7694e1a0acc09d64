// Each has a cluster of nine processes: side by side they would only be slower.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
