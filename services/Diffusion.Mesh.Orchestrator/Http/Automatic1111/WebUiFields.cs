using System.Text.Json;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// Every field that the clients of AUTOMATIC1111's API send, and what becomes of it: some are used, some must ask for nothing, and some mean nothing without those. Any
/// other is refused.
/// </summary>
internal static class WebUiFields
{
    /// <summary>Of <c>override_settings</c>.</summary>
    public static IReadOnlyList<WebUiField> Overrides { get; } =
    [
        Used("sd_model_checkpoint", WebUiKind.Text, "The model's name. Absent: see `options`."),
        Used("CLIP_stop_at_last_layers", WebUiKind.Whole, "1: none of the text encoder's layers is left out, for the prompt; 2: one; and so on."),
        Used("samples_format", WebUiKind.Text, "png, jpg, jpeg or webp. Absent: png."),
        Used("show_progress_every_n_steps", WebUiKind.Whole, "A preview for `progress` after so many model evaluations; 0 or less: none. Absent: 10."),
        Only("sd_vae", WebUiKind.Text, "Automatic", value => value is "" or "Automatic" or "None"),
        Only("eta_noise_seed_delta", WebUiKind.Whole, "0", value => value is 0L),
        Only("forge_additional_modules", WebUiKind.List, "empty", IsEmpty),
    ];

    /// <summary>Of <c>txt2img</c>.</summary>
    public static IReadOnlyList<WebUiField> TextToImage { get; } = [.. Common(), Idle("denoising_strength", "Of `enable_hr` only.")];

    /// <summary>Of <c>img2img</c>.</summary>
    public static IReadOnlyList<WebUiField> ImageToImage { get; } = [.. Common(), .. Pictures()];

    private static IEnumerable<WebUiField> Common() =>
    [
        Used("prompt", WebUiKind.Text, "What to paint, with attention weights as `(word:1.3)`."),
        Used("negative_prompt", WebUiKind.Text, "What to steer away from."),
        Used("seed", WebUiKind.Whole, "-1 or absent: drawn."),
        Used("batch_size", WebUiKind.Whole, "Pictures; `batch_size` times `n_iter` are made together, at most 16. Absent: 1."),
        Used("n_iter", WebUiKind.Whole, "See `batch_size`. Absent: 1."),
        Used("steps", WebUiKind.Whole, "Absent: the model's default."),
        Used("cfg_scale", WebUiKind.Number, "Guidance scale, 0 to 50. Absent: the model's default."),
        Used("width", WebUiKind.Whole, "Pixels. Absent: the model's own, of `img2img` the picture's."),
        Used("height", WebUiKind.Whole, "Pixels, likewise."),
        Used("sampler_name", WebUiKind.Text, "A name of `samplers`, or one with a schedule behind it, as `DPM++ 2M Karras`. Absent: the model's own."),
        Used("sampler_index", WebUiKind.Text, "The same, where `sampler_name` is absent."),
        Used("scheduler", WebUiKind.Text, "A name of `schedulers`. Absent: Automatic, the model's own."),
        Used("eta", WebUiKind.Number, "Share of fresh noise, for samplers that have it."),
        Used("clip_skip", WebUiKind.Whole, "As `override_settings.CLIP_stop_at_last_layers`."),
        Used("override_settings", WebUiKind.Object, "Settings of this request."),
        Off("restore_faces"),
        Off("tiling"),
        Off("enable_hr"),
        Off("include_init_images"),
        Only("send_images", WebUiKind.Flag, "true", value => value is true),
        Only("subseed_strength", WebUiKind.Number, "0", value => value is 0.0),
        Only("seed_resize_from_h", WebUiKind.Whole, "0 or below", value => value is <= 0L),
        Only("seed_resize_from_w", WebUiKind.Whole, "0 or below", value => value is <= 0L),
        Only("s_churn", WebUiKind.Number, "0", value => value is 0.0),
        Only("s_min_uncond", WebUiKind.Number, "0", value => value is 0.0),
        Only("s_noise", WebUiKind.Number, "1", value => value is 1.0),
        Only("styles", WebUiKind.List, "empty", IsEmpty),
        Only("script_name", WebUiKind.Text, "empty", value => value is "" or "None"),
        Only("alwayson_scripts", WebUiKind.Object, "empty", IsEmpty),
        Only("refiner_checkpoint", WebUiKind.Text, "empty", value => value is "" or "None"),
        Only("firstpass_image", WebUiKind.Text, "empty", value => value is ""),
        Only("infotext", WebUiKind.Text, "empty", value => value is ""),
        Only("force_task_id", WebUiKind.Text, "empty", value => value is ""),
        .. new[]
        {
            "hr_scale", "hr_upscaler", "hr_second_pass_steps", "hr_resize_x", "hr_resize_y", "hr_checkpoint_name", "hr_sampler_name", "hr_scheduler", "hr_prompt",
            "hr_negative_prompt", "hr_additional_modules", "firstphase_width", "firstphase_height",
        }.Select(name => Idle(name, "Of `enable_hr` only.")),
        Idle("subseed", "Of `subseed_strength` only."),
        Idle("s_tmin", "Of `s_churn` only."),
        Idle("s_tmax", "Of `s_churn` only."),
        Idle("script_args", "Of `script_name` only."),
        Idle("refiner_switch_at", "Of `refiner_checkpoint` only."),
        Idle("override_settings_restore_afterwards", "Settings of a request are never those of another."),
        Idle("save_images", "Nothing is saved on the server's disk."),
        Idle("do_not_save_samples", "Likewise."),
        Idle("do_not_save_grid", "Likewise; no grid is made."),
        Idle("disable_extra_networks", "There are none."),
        Idle("comments", "Not looked at."),
        Idle("url", "SillyTavern's own. Not looked at."),
        Idle("auth", "SillyTavern's own. Not looked at."),
    ];

    private static IEnumerable<WebUiField> Pictures() =>
    [
        Used("init_images", WebUiKind.List, "One picture file in base64, or as a `data:` URL."),
        Used("mask", WebUiKind.Text, "A picture file likewise, white where the picture is painted anew."),
        Used("inpainting_mask_invert", WebUiKind.Flag, "Black is painted anew instead."),
        Used("denoising_strength", WebUiKind.Number, "How much is changed, above 0 to 1. Absent: 0.75."),
        Used("resize_mode", WebUiKind.Whole, "0: stretched, 1: cropped, 2: filled up with the edge's colours. Absent: 0."),
        Only("inpainting_fill", WebUiKind.Whole, "1, the original", value => value is 1L, ofMask: true),
        Only("mask_blur", WebUiKind.Whole, "0", value => value is 0L, ofMask: true),
        Only("mask_blur_x", WebUiKind.Whole, "0", value => value is 0L, ofMask: true),
        Only("mask_blur_y", WebUiKind.Whole, "0", value => value is 0L, ofMask: true),
        Only("inpaint_full_res", WebUiKind.Flag, "false", value => value is false, ofMask: true),
        Only("initial_noise_multiplier", WebUiKind.Number, "1", value => value is 1.0),
        Only("latent_mask", WebUiKind.Text, "empty", value => value is ""),
        Idle("inpaint_full_res_padding", "Of `inpaint_full_res` only."),
        Idle("mask_round", "Masks are always black and white."),
        Idle("image_cfg_scale", "Of models that take it only; there are none."),
    ];

    private static WebUiField Used(string name, WebUiKind kind, string description) => new(name, kind, description);

    private static WebUiField Idle(string name, string description) => new(name, WebUiKind.Any, description);

    private static WebUiField Off(string name) => Only(name, WebUiKind.Flag, "false", value => value is false);

    private static WebUiField Only(string name, WebUiKind kind, string allowed, Func<object, bool> allows, bool ofMask = false) =>
        new(name, kind, ofMask ? $"With a mask it must be {allowed}, which it is when absent." : $"It must be {allowed}, which it is when absent.")
        {
            Allows = allows,
            Allowed = allowed,
            OfMask = ofMask,
        };

    private static bool IsEmpty(object value) =>
        value is JsonElement json && (json.ValueKind == JsonValueKind.Array ? json.GetArrayLength() == 0 : json.GetPropertyCount() == 0);
}
