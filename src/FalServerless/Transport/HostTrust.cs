using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FalServerless.Transport;

/// <summary>
/// Which certificates of hosts are accepted: those that the system trusts, and those that a file of the user's vouches for.
/// </summary>
internal static class HostTrust
{
    /// <summary>The variable that names a PEM file with the certificates of authorities to trust beside the system's.</summary>
    public const string Variable = "FAL_CA_CERTIFICATE";

    /// <summary>The check of a host's certificate; null is the system's own.</summary>
    /// <param name="file">The PEM file, if any.</param>
    /// <exception cref="HostUnreachableException">The file cannot be read, or has no certificate.</exception>
    public static RemoteCertificateValidationCallback? From(string? file)
    {
        if (string.IsNullOrEmpty(file))
        {
            return null;
        }

        var trusted = Read(file);
        return (_, certificate, chain, errors) =>
            errors == SslPolicyErrors.None
            || (errors == SslPolicyErrors.RemoteCertificateChainErrors && IsVouchedFor(certificate, chain, trusted))
                ? true
                : throw new AuthenticationException(
                    $"The certificate is not accepted: {errors}"
                        + (
                            errors == SslPolicyErrors.RemoteCertificateChainErrors
                                ? $"; neither the system nor '{file}' vouches for it"
                                : ""
                        )
                );
    }

    private static X509Certificate2Collection Read(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new HostUnreachableException(
                $"{Variable} names '{file}', which cannot be read: {e.Message} It must be a PEM file with the certificates of the "
                    + $"authorities to trust.",
                HostUnreachableCause.Tls,
                e
            );
        }

        return certificates.Count > 0
            ? certificates
            : throw new HostUnreachableException(
                $"{Variable} names '{file}', which contains no certificate. It must be a PEM file with the certificates of the "
                    + $"authorities to trust.",
                HostUnreachableCause.Tls
            );
    }

    // The name has been checked by then, and found right.
    private static bool IsVouchedFor(X509Certificate? certificate, X509Chain? sent, X509Certificate2Collection trusted)
    {
        if (certificate is not X509Certificate2 hosts)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        if (sent is not null)
        {
            // What the host has sent along: authorities between its certificate and a trusted one.
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        return chain.Build(hosts);
    }
}
