namespace Diffusion.Mesh.Hosting;

/// <summary>Options that a service cannot start with; the message has every problem.</summary>
public sealed class OptionsException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems));
