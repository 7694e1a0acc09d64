using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Vae;

return await ServiceProgram.RunAsync(new VaeRole(), args);
