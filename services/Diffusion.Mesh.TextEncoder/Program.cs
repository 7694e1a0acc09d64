using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.TextEncoder;

return await ServiceProgram.RunAsync(new TextEncoderRole(), args);
