// The cluster under load and the rest would only slow each other down.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
