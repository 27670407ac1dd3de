namespace Jstp.Actors.Applications.Dispatch;

/// <summary>An argument that a client sent does not fit the parameter it is for.</summary>
internal sealed class ArgumentBindingException(string message, Exception innerException) : Exception(message, innerException);
