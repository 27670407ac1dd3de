using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Jstp.Transport.Listening;

/// <summary>Gives every TLS handshake its settings, with the certificate as its files have it now.</summary>
internal sealed partial class TlsCertificateSource
{
    private readonly Lock _lock = new();
    private readonly TlsCertificateOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly X509Certificate2Collection? _clientAuthorities;
    private readonly bool _negotiatesHttp;
    private SslServerAuthenticationOptions _current;
    private string _version;
    private long _checkedAt;

    /// <summary>Reads the certificate, so that a mistake in it shows at start-up.</summary>
    public TlsCertificateSource(TlsCertificateOptions options, TimeProvider timeProvider, ILogger logger, bool negotiatesHttp = true)
    {
        options.ThrowIfInvalid();

        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        _negotiatesHttp = negotiatesHttp;
        _checkedAt = timeProvider.GetTimestamp();
        _version = GetVersion();

        if (options.ClientAuthorityFile is { } file)
        {
            _clientAuthorities = [];
            _clientAuthorities.ImportFromPemFile(file);
        }

        _current = Load();
    }

    /// <summary>The settings of a handshake that begins now.</summary>
    public SslServerAuthenticationOptions GetCurrent()
    {
        lock (_lock)
        {
            if (_timeProvider.GetElapsedTime(_checkedAt) >= _options.ReloadInterval)
            {
                _checkedAt = _timeProvider.GetTimestamp();
                ReloadIfChangedLocked();
            }

            return _current;
        }
    }

    private void ReloadIfChangedLocked()
    {
        string version = GetVersion();

        if (version == _version)
        {
            return;
        }

        try
        {
            _current = Load();
            _version = version;
            LogReloaded(_logger);
        }
        catch (Exception exception)
        {
            // Half-written files: the old certificate serves on, and the next look tries again.
            LogReloadFailed(_logger, exception);
        }
    }

    /// <summary>Something that differs when the files do; a file behind a link counts, as orchestrators swap links.</summary>
    private string GetVersion()
        => string.Join('|', new[] { _options.CertificateFile, _options.KeyFile, _options.PfxFile }.OfType<string>().Select(GetFileVersion));

    private static string GetFileVersion(string path)
    {
        FileSystemInfo file = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) ?? new FileInfo(path);

        return $"{file.FullName}:{file.LastWriteTimeUtc.Ticks}";
    }

    private SslServerAuthenticationOptions Load()
    {
        (X509Certificate2 certificate, X509Certificate2Collection? issuers) = LoadCertificate();

        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, issuers, offline: true),
            ClientCertificateRequired = _options.ClientCertificateMode is not ClientCertificateMode.NoCertificate,
            RemoteCertificateValidationCallback = ValidateClient,
            EnabledSslProtocols = _options.Protocols,
            CipherSuitesPolicy = _options.CipherSuites is { } suites && !OperatingSystem.IsWindows() ? new CipherSuitesPolicy(suites) : null,
            ApplicationProtocols = _negotiatesHttp ? [SslApplicationProtocol.Http11] : [], // null would be filled in by Kestrel
        };
    }

    private (X509Certificate2 Certificate, X509Certificate2Collection? Issuers) LoadCertificate()
    {
        if (_options.Certificate is { } certificate)
        {
            return (certificate, null);
        }

        if (_options.PfxFile is { } pfx)
        {
            X509Certificate2Collection all = X509CertificateLoader.LoadPkcs12CollectionFromFile(pfx, _options.Password);
            X509Certificate2 own = all.FirstOrDefault(candidate => candidate.HasPrivateKey)
                ?? throw new ArgumentException($"'{pfx}' has no certificate with a private key.");
            return (own, all);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_options.CertificateFile!);

        return (LoadPem(), chain);
    }

    private X509Certificate2 LoadPem()
    {
        using X509Certificate2 loaded = _options.Password is null
            ? X509Certificate2.CreateFromPemFile(_options.CertificateFile!, _options.KeyFile)
            : X509Certificate2.CreateFromEncryptedPemFile(_options.CertificateFile!, _options.Password, _options.KeyFile);

        // A key that was never in a store is refused by TLS on Windows, unless it went through PKCS#12.
        return X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), null);
    }

    private bool ValidateClient(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return _options.ClientCertificateMode is not ClientCertificateMode.RequireCertificate;
        }

        if (_clientAuthorities is null)
        {
            return errors is SslPolicyErrors.None;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_clientAuthorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return own.Build(X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
    }

    [LoggerMessage(EventId = 3021, Level = LogLevel.Information, Message = "The TLS certificate was reloaded")]
    private static partial void LogReloaded(ILogger logger);

    [LoggerMessage(EventId = 3022, Level = LogLevel.Error, Message = "The changed TLS certificate cannot be read; the old one serves on")]
    private static partial void LogReloadFailed(ILogger logger, Exception exception);
}
