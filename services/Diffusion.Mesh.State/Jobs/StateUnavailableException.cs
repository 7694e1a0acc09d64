namespace Diffusion.Mesh.State;

/// <summary>
/// The store cannot be reached, or refuses, after all retries that the call allows. Whether the call had an effect is unknown; every call of
/// <see cref="IJobStore"/> but <see cref="IJobStore.ClaimAsync"/> can be repeated with the same arguments to the same effect, and a claim whose answer got lost
/// is made up for by its lease, which expires.
/// </summary>
public sealed class StateUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
