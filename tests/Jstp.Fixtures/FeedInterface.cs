using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Jstp.Actors.Applications;
using Jstp.Actors.Connections;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Fixtures;

[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class FeedInterface
{
    public int Burst(JstpConnection connection, int n)
    {
        for (int i = 1; i <= n; i++)
        {
            connection.Emit("floor", "tick", i);
        }

        return n;
    }

    public async Task<JstpResults> Ask(JstpConnection connection, MdsfValue form)
    {
        try
        {
            IReadOnlyList<MdsfValue> results = await connection.CallAsync("desk", "sign", [form]);

            return new JstpResults(["ok", .. results]);
        }
        catch (JstpException error)
        {
            return new JstpResults([string.Create(CultureInfo.InvariantCulture, $"error {error.Code}")]);
        }
    }
}
