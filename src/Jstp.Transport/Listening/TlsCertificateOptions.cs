using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Jstp.Transport.Listening;

/// <summary>
/// What a server proves itself with over TLS (specification page, 8.3): PEM files, one PFX file, or a certificate at hand. Files are read again when they
/// change, without a restart. Bindable from configuration.
/// </summary>
public sealed class TlsCertificateOptions
{
    /// <summary>A PEM file with the certificate and, behind it, those of its issuers. Needs <see cref="KeyFile"/>.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>A PEM file with the private key. Needs <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>A PFX (PKCS#12) file with certificate, issuers and key.</summary>
    public string? PfxFile { get; set; }

    /// <summary>The password of the key or PFX file; <see langword="null"/> when it has none.</summary>
    public string? Password { get; set; }

    /// <summary>A certificate with its key, in place of files.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>How long a certificate read from files serves before the files are looked at again. The default is 10 s.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether clients are asked for a certificate. The default is not to.</summary>
    public ClientCertificateMode ClientCertificateMode { get; set; }

    /// <summary>A PEM file with the authorities that client certificates must come from; <see langword="null"/> is those of the system.</summary>
    public string? ClientAuthorityFile { get; set; }

    /// <summary>The TLS versions; the default leaves them to the system.</summary>
    public SslProtocols Protocols { get; set; } = SslProtocols.None;

    /// <summary>The cipher suites, in order of preference; <see langword="null"/>, the default, leaves them to the system. Windows has no such choice.</summary>
    public IList<TlsCipherSuite>? CipherSuites { get; set; }

    /// <summary>How long the TLS handshake may take. The default is 10 s, Kestrel's.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks that there is one way to the certificate, and all of it.</summary>
    /// <exception cref="ArgumentException">There is none, half of one, or several.</exception>
    public void ThrowIfInvalid()
    {
        if (CertificateFile is null != KeyFile is null)
        {
            // The original serves plain HTTP in this case, which nobody wants who names a key.
            throw new ArgumentException("CertificateFile and KeyFile belong together.");
        }

        int ways = (CertificateFile is null ? 0 : 1) + (PfxFile is null ? 0 : 1) + (Certificate is null ? 0 : 1);

        if (ways != 1)
        {
            throw new ArgumentException("TLS needs exactly one of: CertificateFile with KeyFile, PfxFile, Certificate.");
        }

        if (CipherSuites is not null && OperatingSystem.IsWindows())
        {
            throw new ArgumentException("CipherSuites cannot be chosen on Windows, whose policies decide.");
        }
    }
}
