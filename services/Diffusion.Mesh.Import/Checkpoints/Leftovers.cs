using System.Text.RegularExpressions;

namespace Diffusion.Mesh.Import.Checkpoints;

/// <summary>Names of tensors that files have and no network uses. Everything else without a place is an error.</summary>
internal static partial class Leftovers
{
    public static bool Contains(string name) => Known().IsMatch(name);

    // Schedules of the training, running averages and losses, position ids and logit scales, masks, and flags.
    [GeneratedRegex(
        """
        ^( betas | alphas_cumprod | alphas_cumprod_prev | posterior_\w+ | sqrt_\w+ | log_one_minus_alphas_cumprod | lvlb_weights | logvar | global_step
         | model_ema\..+ | embedding_manager\b.* | (first_stage_model\.)?loss\..+ | first_stage_model\.model_ema\..+
         | denoiser\.(sigmas|log_sigmas) | ztsnr | v_pred | edm_\w+(\.\w+)* | scaled_fp8 | (model\.diffusion_model\.)?scaled_fp8
         | (.+\.)?position_ids | (.+\.)?logit_scale | (.+\.model\.)?attn_mask )$
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Known();
}
