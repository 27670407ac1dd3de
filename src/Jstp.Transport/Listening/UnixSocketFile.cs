using System.Net.Sockets;

namespace Jstp.Transport.Listening;

/// <summary>The file of a Unix socket, which outlives a process that was killed.</summary>
public static class UnixSocketFile
{
    /// <summary>Deletes a socket that nobody listens on; any other file, and a socket in use, stays.</summary>
    /// <param name="path">The path; nothing happens if there is no file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task DeleteIfStaleAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        try
        {
            await probe.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionRefused && !IsRegularFile(path))
        {
            File.Delete(path);
        }
        catch (SocketException)
        {
            // In use in a way that cannot be told: binding will say so.
        }
    }

    // Connecting to a regular file is refused too, but a socket cannot be opened.
    private static bool IsRegularFile(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true; // cannot be told, so it stays
        }
    }
}
