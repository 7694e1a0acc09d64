using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Unet;

return await ServiceProgram.RunAsync(new UnetRole(), args);
