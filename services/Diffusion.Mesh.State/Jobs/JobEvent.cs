namespace Diffusion.Mesh.State;

/// <summary>Something that happened to a job. Of a slot only the latest event is kept, live and stored.</summary>
/// <param name="Slot">Which kind of news it is, for example <c>queued</c>, <c>step</c> or <c>preview:0</c>: 1 to 64 ASCII characters.</param>
/// <param name="Sequence">See <see cref="JobSequence"/>.</param>
/// <param name="Payload">What the caller makes of it.</param>
public sealed record JobEvent(string Slot, long Sequence, ReadOnlyMemory<byte> Payload);
