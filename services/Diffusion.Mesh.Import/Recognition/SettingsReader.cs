using Diffusion.Mesh.Import.Layouts;

namespace Diffusion.Mesh.Import.Recognition;

/// <summary>What shapes do not tell: from the configurations where there are any, else from the family.</summary>
internal static class SettingsReader
{
    /// <summary>Channels of one attention head, but for Stable Diffusion 1's UNet.</summary>
    private const int HeadWidth = 64;

    private const int AddedTimeWidth = 256;

    /// <param name="scale">Pixels per latent.</param>
    /// <param name="side">Side of the pictures that it was trained for.</param>
    public static UnetSettings Unet(Config config, UnetStructure unet, Family family, int scale, int side)
    {
        config.Require("act_fn", "silu");
        config.Require("time_embedding_type", "positional");
        config.Require("resnet_time_scale_shift", "default");
        config.Require("flip_sin_to_cos", "true");
        config.Require("freq_shift", "0");
        config.Require("center_input_sample", "false");
        config.Require("dual_cross_attention", "false");
        config.Require("only_cross_attention", "false");
        config.Require("attention_type", "default");
        config.Require("resnet_skip_time_act", "false");
        config.Require("resnet_out_scale_factor", "1", "1.0");
        config.Require("mid_block_scale_factor", "1", "1.0");
        config.Require("cross_attention_norm");
        config.Require("time_embedding_act_fn");
        config.Require("timestep_post_act");
        config.Require("class_embed_type");
        config.Require("encoder_hid_dim_type");
        config.Require("addition_embed_type", "text_time");
        // What diffusers calls the width of a head is the number of heads; where both are given, the right name wins.
        var heads = config.Levels("num_attention_heads", unet.Levels.Length)
            ?? config.Levels("attention_head_dim", unet.Levels.Length)
            ?? [.. unet.Levels.Select(l => family.Heads > 0 ? family.Heads : Math.Max(1, (int)l.Channels / HeadWidth))];
        for (var level = 0; level < unet.Levels.Length; level++)
        {
            if (unet.Attends(level) && unet.Levels[level].Channels % heads[level] != 0)
                throw new ImportException($"The UNet's level {level} has {unet.Levels[level].Channels} channels, which do not divide into {heads[level]} heads.");
        }

        return new UnetSettings(
            heads,
            config.Int("sample_size", side / scale),
            config.Int("norm_num_groups", 32),
            config.Double("norm_eps", 1e-5),
            unet.AddedWidth > 0 ? config.Int("addition_time_embed_dim", AddedTimeWidth) : 0);
    }

    public static VaeSettings Vae(Config config, Family family, int side)
    {
        config.Require("act_fn", "silu");
        foreach (var field in new[] { "latents_mean", "latents_std" })
        {
            if (config.Has(field))
                throw config.Wrong(field, "is given, and latents with a mean and deviation for each channel are not supported");
        }

        return new VaeSettings(
            config.Double("scaling_factor", family.LatentFactor),
            config.Double("shift_factor", 0),
            config.Int("sample_size", side),
            config.Int("norm_num_groups", 32));
    }

    public static TextSettings Text(Config config, ClipStructure text, bool openAi)
    {
        // The configurations of Stable Diffusion say 2 and mean the greatest id that the vocabulary had when it was made.
        var end = config.Int("eos_token_id", 2);
        var heads = config.Int("num_attention_heads", Math.Max(1, (int)text.Width / HeadWidth));
        if (text.Width % heads != 0)
            throw new ImportException($"The text encoder is {text.Width} wide, which does not divide into {heads} heads.");
        return new TextSettings(
            heads,
            config.Text("hidden_act") switch
            {
                "quick_gelu" => ClipActivation.QuickGelu,
                "gelu" => ClipActivation.Gelu,
                null => openAi ? ClipActivation.QuickGelu : ClipActivation.Gelu,
                { } other => throw config.Wrong("hidden_act", $"is '{other}', and only quick_gelu and gelu are supported"),
            },
            end == 2 ? (int)text.Vocabulary - 1 : end,
            config.Double("layer_norm_eps", 1e-5));
    }
}
