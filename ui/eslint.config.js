import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import { defineConfig } from "eslint/config";
import globals from "globals";
import ts from "typescript-eslint";

const TAURI = {
  group: ["@tauri-apps/*"],
  message: "Only an app's tauri.ts talks to the window; use the Backend interface.",
};
const APPS = {
  group: ["@kadian/*", "!@kadian/kit", "**/apps/**"],
  message: "The kit knows no app, and no app knows another.",
};

export default defineConfig(
  { ignores: ["**/dist/", "**/build/", "**/node_modules/", "apps/*/src/bindings.ts"] },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js"] },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: [".svelte"],
      },
    },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "no-restricted-imports": ["error", { patterns: [TAURI, APPS] }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.property.name='getContext'][arguments.0.value='2d']",
          message: "No canvas: the camera's picture must not become readable to a script.",
        },
        { selector: "ImportExpression[source.value=/^@tauri-apps/]", message: TAURI.message },
      ],
      "svelte/no-at-html-tags": "error",
    },
  },
  {
    // The office reads codes that somebody holds before a camera of their own; it is no gate's.
    files: ["apps/console/src/residents/webcam.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    // What Node runs as it is, without types.
    files: ["**/*.mjs"],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { globals: globals.node, parserOptions: { projectService: false } },
  },
  {
    // Every picture has a branch of its own. A last `else` would draw one picture for a new name.
    files: ["**/{Icon,HeadlinePicture,VerdictIcon}.svelte"],
    rules: { "@typescript-eslint/no-unnecessary-condition": "off" },
  },
  {
    files: ["apps/station/src/backend/tauri.ts", "apps/resident/src/tauri.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [APPS] }] },
  },
  {
    // Pictures are compared in a page of their own, which no camera reaches.
    files: ["apps/station/scenes/*.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["*.config.{js,ts}", "**/tests/**", "apps/*/{pages,scenes}/**"],
    languageOptions: { globals: globals.node },
  },
);
