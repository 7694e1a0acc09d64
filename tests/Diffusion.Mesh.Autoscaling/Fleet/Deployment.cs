namespace Diffusion.Mesh.Autoscaling;

/// <summary>The UNet workers' Deployment and the routing to its pods: first come first served, to the pod that has least.</summary>
internal sealed class Deployment(Accelerator accelerator, VirtualTime time, Agenda agenda)
{
    private readonly List<Pod> _pods = [];
    private readonly LinkedList<Picture> _waiting = [];
    private double _paidSeconds;

    /// <summary>The replicas that it should have, and has but for those that are leaving.</summary>
    public int Replicas => _pods.Count;

    /// <summary>Hours of accelerators so far, of pods that load and leave too.</summary>
    public double GpuHours => (_paidSeconds + _pods.Sum(pod => (time.Elapsed - pod.Created).TotalSeconds)) / 3600;

    /// <summary>See <see cref="Pod.Passed"/>.</summary>
    public required Action<IReadOnlyList<Picture>, TimeSpan> Passed { get; init; }

    /// <summary>Sets the replicas.</summary>
    /// <param name="areReady">They begin ready.</param>
    public void Scale(int replicas, bool areReady = false)
    {
        while (_pods.Count < replicas)
            Create(areReady);
        // As a ReplicaSet does: first what is not ready, then what became so last.
        while (_pods.Count > replicas)
        {
            var pod = _pods.OrderByDescending(p => p.Ready is null).ThenByDescending(p => p.Ready ?? p.Created).First();
            _pods.Remove(pod);
            pod.Stop();
        }

        Route();
    }

    public void Add(Picture picture)
    {
        _waiting.AddLast(picture);
        Route();
    }

    private void Create(bool isReady)
    {
        var pod = new Pod(accelerator, time, agenda, time.Elapsed)
        {
            Passed = (pictures, pass) =>
            {
                Passed(pictures, pass);
                Route();
            },
            Left = (pod, rest) =>
            {
                _paidSeconds += (time.Elapsed - pod.Created).TotalSeconds;
                foreach (var picture in rest)
                    Add(picture);
            },
        };
        _pods.Add(pod);
        agenda.After(isReady ? TimeSpan.Zero : accelerator.Provisioning + accelerator.Load, () =>
        {
            pod.BecomeReady();
            Route();
        });
    }

    private void Route()
    {
        while (_waiting.First is { } first && _pods.Where(pod => pod.HasRoom).MinBy(pod => pod.Pictures) is { } pod)
        {
            _waiting.RemoveFirst();
            pod.Take(first.Value);
        }
    }
}
