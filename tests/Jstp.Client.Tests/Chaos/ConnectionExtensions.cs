using Jstp.Client.Connections;
using Jstp.TestKit;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Tests.Chaos;

internal static class ConnectionExtensions
{
    /// <summary>Completes when the server has had everything that was sent, and we all that it sent until then.</summary>
    public static async Task PingUntilAnsweredAsync(this JstpClientConnection connection)
    {
        while (true)
        {
            try
            {
                await connection.PingAsync().WithinLimitAsync("a pong");

                return;
            }
            catch (JstpException exception) when (exception.Code == JstpErrorCode.CallbackLost)
            {
                await Task.Yield(); // the connection is on its way back
            }
        }
    }
}
