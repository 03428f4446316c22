/** The text of an icon: the builder inlines it. */
declare module '*.svg' {
  const text: string;
  export default text;
}
