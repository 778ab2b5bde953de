import { systemTheme } from "@kadian/kit";
import { mount } from "svelte";
import "@kadian/kit/styles/tokens.css";
import "@kadian/kit/styles/base.css";
import "./drawing/drawing.css";
import "./drawing/flood.css";
import "./drawing/entrance.css";
import App from "./App.svelte";
import { connect } from "./backend/connect";

const backend = await connect();
// Before the settings are known.
document.documentElement.dataset["theme"] = systemTheme();
const target = document.getElementById("app");
if (target !== null) mount(App, { target, props: { backend } });
