using System.Text;
using System.Text.Json;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Tests.Replay;

/// <summary>One line of a transcript: a message, or something that happened to a connection.</summary>
/// <param name="Connection">The number of the connection, from 1.</param>
/// <param name="From">Who has sent the message; null for an event.</param>
/// <param name="Text">The message.</param>
/// <param name="IsLost">Whether it never arrived.</param>
/// <param name="Event">What has happened: <c>opened</c>, <c>closed</c>, <c>aborted</c>; null for a message or a remark.</param>
/// <param name="By">Who has ended the connection.</param>
/// <param name="IsBinary">Whether the frame was binary.</param>
public sealed record TranscriptLine(int Connection, string? From, string Text, bool IsLost, string? Event, string? By, bool IsBinary)
{
    public bool IsOfClient => From == "client";

    public bool IsOfServer => From == "server";

    public static TranscriptLine Read(JsonElement line) => new(
        line.TryGetProperty("conn", out JsonElement connection) ? connection.GetInt32() : 1,
        TextOf(line, "from"),
        TextOf(line, "text") ?? "",
        line.TryGetProperty("lost", out _),
        TextOf(line, "event"),
        TextOf(line, "by"),
        line.TryGetProperty("frame", out _));

    /// <summary>Takes the message apart; null if it is none.</summary>
    public JstpMessage? Parse() => JstpMessageReader.Read(Encoding.UTF8.GetBytes(Text), default, out JstpMessage message).IsOk ? message : null;

    private static string? TextOf(JsonElement line, string name) => line.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
