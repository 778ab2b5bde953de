import { mount } from "svelte";
import "@kadian/kit/styles/tokens.css";
import "@kadian/kit/styles/base.css";
import "./resident.css";
import Resident from "./Resident.svelte";
import { createTauri } from "./tauri";

const backend =
  import.meta.env.MODE === "production"
    ? createTauri()
    : (await import("./fake")).createFake(new URLSearchParams(location.search));
const target = document.getElementById("app");
if (target !== null) mount(Resident, { target, props: { backend } });
