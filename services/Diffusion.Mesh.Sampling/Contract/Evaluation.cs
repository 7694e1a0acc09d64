namespace Diffusion.Mesh.Sampling;

/// <summary>One model evaluation of a schedule.</summary>
/// <param name="Timestep">What the model is told, in training timesteps (0 to 999 for most models); not always whole.</param>
/// <param name="Sigma">
/// The noise level of the latents at this evaluation as the reference's table holds it; for samplers without such a table
/// (DDPM, DDIM, PNDM, LCM, TCD) the ratio of noise to signal, sqrt((1 - a) / a).
/// </param>
public readonly record struct Evaluation(double Timestep, double Sigma);
