namespace System.Runtime.CompilerServices;

/// <summary>What the compiler looks for when a record is declared; .NET Standard 2.0 has none.</summary>
internal static class IsExternalInit;
