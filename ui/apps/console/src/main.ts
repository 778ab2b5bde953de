import { mount } from "svelte";
import "@kadian/kit/styles/tokens.css";
import "@kadian/kit/styles/base.css";
import "./styles/chart.css";
import "./styles/desk.css";
import "./styles/sheet.css";
import App from "./App.svelte";
import { connect } from "./backend/connect";

const target = document.getElementById("app");
if (target !== null) mount(App, { target, props: { backend: await connect() } });
