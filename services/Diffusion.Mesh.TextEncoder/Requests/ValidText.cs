namespace Diffusion.Mesh.TextEncoder;

/// <summary>A text that was checked and tokenized.</summary>
/// <param name="Towers">For each tower of the model, all with the same number of windows.</param>
internal sealed record ValidText(IReadOnlyList<TowerText> Towers);

/// <summary>What one tower does with a text.</summary>
internal sealed record TowerText(TextTower Tower, PromptTokens Tokens, HiddenChoice Hidden);
