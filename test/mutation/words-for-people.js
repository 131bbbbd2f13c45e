import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** Two words in a row. No header, code or pattern has them. */
const SENTENCE = /[A-Za-z`"] [A-Za-z]/;

/**
 * Texts that only people read are left alone: that one is empty says nothing about the code, and as every other literal is
 * one, they would drown the rest.
 */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'words-for-people', {
    shouldIgnore({ node }) {
      const text =
        node.type === 'TemplateLiteral'
          ? node.quasis.map(({ value }) => value.raw).join('')
          : node.type === 'StringLiteral'
            ? node.value
            : '';
      return SENTENCE.test(text) ? 'words for people' : undefined;
    },
  }),
];
