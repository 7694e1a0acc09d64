namespace Diffusion.Mesh.Autoscaling;

/// <summary>
/// A GPU worker of SDXL's size. The defaults are those of a picture of 1024 x 1024 in 50 guided evaluations on a large accelerator: 5 s alone. Attention and convolutions of
/// this size fill it nearly by themselves, so sharing passes gains little: four pictures together take 3.25 times as long as one.
/// </summary>
internal sealed record Accelerator
{
    /// <summary>Model evaluations of a picture.</summary>
    public int Evaluations { get; init; } = 50;

    /// <summary>Side of a picture in pixels.</summary>
    public int Side { get; init; } = 1024;

    /// <summary>Pictures that a worker takes at once, all of them in each forward pass; others wait for any worker.</summary>
    public int Pictures { get; init; } = 4;

    /// <summary>Seconds of a forward pass with one picture.</summary>
    public double PassSeconds { get; init; } = 0.1;

    /// <summary>What each further picture of a pass adds, as a part of <see cref="PassSeconds"/>.</summary>
    public double Further { get; init; } = 0.75;

    /// <summary>From a pod's creation until it takes work: the start of the process, and loading the model. The accelerator is paid for from the beginning.</summary>
    public TimeSpan Load { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a node takes to come before that; 0: there are nodes that wait. Paid for, too.</summary>
    public TimeSpan Provisioning { get; init; }

    /// <summary>A forward pass with so many pictures.</summary>
    public TimeSpan Pass(int pictures) => TimeSpan.FromSeconds(PassSeconds * (1 + (Further * (pictures - 1))));

    /// <summary>A picture that is alone.</summary>
    public TimeSpan Bare => Evaluations * Pass(1);

    /// <summary>A picture's cost as a job has it: steps x pixels.</summary>
    public double Cost => (double)Evaluations * Side * Side;
}
