// The field for a day. How days are written and read: `_reading.js`.
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { basics, control, icon, labelled, signs } from "./_field_parts.js";
import { dayPattern, readDay, sayDay, writeDay } from "./_reading.js";

/** A day: typed in the reader's order, or chosen from a calendar, and said in words. */
export function dayField(words) {
  return function DayField(props) {
    const [typed, setTyped] = useState(null);
    const [open, setOpen] = useState(false);
    const wrapper = useRef();
    const shown = typed ?? writeDay(props.value);
    const input = (event) => {
      setTyped(event.target.value);
      props.onChange({ value: readDay(event.target.value) });
    };
    const leave = () => {
      setTyped(null);
      props.onBlur();
    };
    const close = (focus) => {
      setOpen(false);
      if (focus) wrapper.current.querySelector("button").focus();
    };
    const label = props.field.dateLabel ?? props.field.label;
    const field = h("input", {
      ...basics(props, [`${props.domId}-words`]),
      type: "text",
      inputmode: "numeric",
      autocomplete: "off",
      class: control(props),
      placeholder: dayPattern(words.pattern),
      value: shown,
      onInput: input,
      onBlur: leave,
    });
    const editable = !props.disabled && !props.readonly;
    const button =
      editable &&
      h(
        "button",
        {
          type: "button",
          class: "btn btn-icon",
          "aria-label": `${words.calendar}: ${label}`,
          "aria-expanded": String(open),
          onClick: () => setOpen(!open),
        },
        icon(signs.calendar),
      );
    const calendar =
      open &&
      h(Calendar, {
        words,
        label,
        value: props.value,
        wrapper,
        close,
        pick: (iso) => {
          setTyped(null);
          props.onChange({ value: iso });
          close(true);
        },
      });
    return labelled(
      { ...props, field: { ...props.field, label } },
      h(
        "div",
        { class: "day-field", ref: wrapper },
        h("div", { class: "input-group" }, field, button),
        calendar,
        h("div", { id: `${props.domId}-words`, class: "form-hint", "aria-live": "polite" }, sayDay(props.value)),
      ),
    );
  };
}

/** A month to choose a day from (cally), loaded when it is first asked for. */
function Calendar({ words, label, value, wrapper, close, pick }) {
  const ref = useRef();
  useEffect(() => {
    let gone = false;
    const outside = (event) => wrapper.current.contains(event.target) || close(false);
    const escape = (event) => event.key === "Escape" && (event.stopPropagation(), close(true));
    wrapper.current.addEventListener("keydown", escape);
    document.addEventListener("pointerdown", outside);
    const chosen = () => pick(ref.current.value);
    import("cally").then(() => {
      if (gone) return;
      ref.current.addEventListener("change", chosen);
      requestAnimationFrame(() => {
        ref.current?.focus?.({ target: "day" });
        ref.current?.scrollIntoView({ block: "nearest" });
      });
    });
    return () => {
      gone = true;
      wrapper.current?.removeEventListener("keydown", escape);
      document.removeEventListener("pointerdown", outside);
    };
  }, []);
  const arrow = (slot, path, said) => h("span", { slot, "aria-label": said, role: "img" }, icon(path, "icon-turn"));
  const shown = /^\d{4}-\d\d-\d\d$/.test(value ?? "") ? { value, "focused-date": value } : {};
  return h(
    "div",
    { class: "day-calendar", role: "dialog", "aria-label": label },
    h(
      "calendar-date",
      { ref, ...shown, locale: words.locale, "first-day-of-week": words.firstDay },
      arrow("previous", words.icons.previous, words.previous),
      arrow("next", words.icons.next, words.next_month),
      h("calendar-month", {}),
    ),
  );
}
