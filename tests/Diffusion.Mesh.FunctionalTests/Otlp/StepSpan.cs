namespace Diffusion.Mesh.FunctionalTests;

/// <summary>A step's span as the receiver got it.</summary>
/// <param name="Forward">Id of the forward pass that it links to.</param>
/// <param name="IsKept">Whether the store took the state after it.</param>
internal sealed record StepSpan(int Index, int Attempt, int Epoch, string Worker, string Forward, bool IsKept)
{
    public static IReadOnlyList<StepSpan> In(IEnumerable<ReceivedSpan> spans) =>
    [
        .. spans.Where(s => s.Name == "step").Select(s => new StepSpan(
            (int)s.Attributes["diffusion.step.index"].IntValue,
            (int)s.Attributes["diffusion.attempt"].IntValue,
            (int)s.Attributes["diffusion.epoch"].IntValue,
            s.Attributes["diffusion.worker"].StringValue,
            Assert.Single(s.Links).Id,
            s.Attributes["diffusion.checkpoint"].BoolValue)),
    ];
}
