using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;

return await ServiceProgram.RunAsync(new OrchestratorRole(), args);
