using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FalServerless.Runtime.Gateway;

/// <summary>The certificate that a host shows, and those between it and its authority.</summary>
internal sealed record ServerCertificate(X509Certificate2 Certificate, X509Certificate2Collection Chain) : IDisposable
{
    /// <summary>
    /// Reads a PFX file, or PEM files: the certificate with those that it was signed with, and the key in the same file or its own.
    /// </summary>
    /// <param name="path">The certificate.</param>
    /// <param name="keyPath">The key of a PEM certificate; null where the same file has it.</param>
    /// <param name="password">Null for none.</param>
    /// <param name="now">Of what time it has to be good.</param>
    /// <param name="error">What is wrong.</param>
    public static ServerCertificate? TryRead(string path, string? keyPath, string? password, DateTimeOffset now, out string? error)
    {
        error = new[] { path, keyPath }.OfType<string>().FirstOrDefault(file => !File.Exists(file)) is { } missing
            ? $"The file '{missing}' of the certificate does not exist."
            : null;
        if (error is not null)
        {
            return null;
        }

        try
        {
            var certificate = IsPem(path) ? ReadPem(path, keyPath ?? path, password) : ReadPfx(path, keyPath, password);
            error =
                !certificate.Certificate.HasPrivateKey ? $"The certificate '{path}' comes without its private key."
                : now > certificate.Certificate.NotAfter
                    ? $"The certificate '{path}' was good until {certificate.Certificate.NotAfter.ToUniversalTime():u} only; renew it."
                : now < certificate.Certificate.NotBefore
                    ? $"The certificate '{path}' is good from {certificate.Certificate.NotBefore.ToUniversalTime():u} on only; is "
                        + $"this machine's clock right?"
                : null;
            return error is null ? certificate : null;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            var advice = password is null
                ? "If it has a password, give it in FAL_CERTIFICATE_PASSWORD or in a file with --certificate-password-file."
                : "Is its password right?";
            error = $"The certificate '{path}' cannot be read: {e.Message} {advice}";
            return null;
        }
    }

    public void Dispose()
    {
        Certificate.Dispose();
        foreach (var other in Chain)
        {
            other.Dispose();
        }
    }

    private static bool IsPem(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4096];
        return Encoding
            .ASCII.GetString(start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)])
            .Contains("-----BEGIN", StringComparison.Ordinal);
    }

    private static ServerCertificate ReadPem(string path, string keyPath, string? password)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(path);
        var certificate = password is null
            ? X509Certificate2.CreateFromPemFile(path, keyPath)
            : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
        return new(certificate, chain);
    }

    private static ServerCertificate ReadPfx(string path, string? keyPath, string? password)
    {
        if (keyPath is not null)
        {
            throw new ArgumentException("it is a PFX file, which brings its own key; leave out --certificate-key.");
        }

        var chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
        var own = chain.FirstOrDefault(one => one.HasPrivateKey) ?? throw new CryptographicException("it has no private key.");
        return new(own, chain);
    }
}
