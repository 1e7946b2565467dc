/** The process's environment, handed in and read at the moment of use. */
export type Environment = Readonly<Record<string, string | undefined>>;
