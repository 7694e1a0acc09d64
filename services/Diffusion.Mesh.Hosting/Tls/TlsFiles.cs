namespace Diffusion.Mesh.Hosting;

/// <summary>PEM files of a process's identity. They are read again when they change.</summary>
/// <param name="Certificate">The certificate, and after it those between it and the authority.</param>
/// <param name="Key">Its private key, not encrypted.</param>
/// <param name="Authorities">Certificates that the other side's must come from; null: the other side shows none.</param>
public sealed record TlsFiles(string Certificate, string Key, string? Authorities = null);
