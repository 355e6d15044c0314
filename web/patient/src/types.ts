// SPDX-License-Identifier: Apache-2.0
// The answers of docs/openapi.yaml that the page reads. Instants are ISO 8601 texts.

export interface Label { ja: string; en: string; reading: string }
export interface Range { low: number; high: number }
export type FacilityState = "ok" | "outside_hours" | "maintenance" | "suspended" | "not_begun" | "ended";

export interface Acceptance {
  open: boolean;
  reason: string;
  message: string;
  opens_at: string | null;
  closes_at: string | null;
  drawing_until: string | null;
  left: number | null;
}
export interface AbsenceRule { back: number; times: number }
export interface Hours { session: string; weekdays: number[]; opens: string; closes: string }
export interface Service {
  id: string;
  number: number;
  name: Label;
  prefix: string;
  kinds: string[];
  hours: Hours[];
  windows: { weekdays: number[]; opens: string; closes: string }[];
  /// Dates on which bookings are taken at other times; none: not at all.
  exceptions: { date: string; windows: { opens: string; closes: string }[] }[];
  booking: Acceptance;
  absence: AbsenceRule;
  draw_seconds: number;
  slots?: boolean;
}
export interface Message { id: string; pattern: string; text: string; minutes: number; until: string | null }
/// `words`: the provider's, in Japanese; `until` null: not known; from = until: none of the service that day.
export interface Announcement {
  reason: "maintenance_ahead" | "suspension_ahead" | "hours_changed" | "hours_change_ahead";
  words: string;
  from: string;
  until: string | null;
}
export interface Aged { as_of: string | null; stale: boolean }
export interface Facility extends Aged {
  id: string;
  number: number;
  name: Label;
  phone: string;
  address: { postal: string; text: string; access: string };
  state: FacilityState;
  state_message: string;
  state_until: string | null;
  announcements: Announcement[];
  options: { queue: boolean; signage: boolean; mail: boolean };
  booking_kinds: ("card" | "first")[];
  services: Service[];
  messages: Message[];
}
export interface ServiceStatus {
  id: string;
  state: "before" | "open" | "closed";
  calling: string | null;
  waiting: number | null;
  wait: Range | null;
  last_number: string | null;
  booking: Acceptance;
}
export interface Status extends Aged {
  facility: string;
  date: string;
  state: FacilityState;
  services: ServiceStatus[];
  messages: Message[];
}

export type TicketState = "drawing" | "not_drawn" | "booked" | "waiting" | "called" | "in_room" | "done" | "absent"
  | "hold" | "cancelled" | "no_show" | "void";
export interface BookedTicket {
  token: string;
  number: string | null;
  state: TicketState;
  ahead: number | null;
  wait: Range | null;
}
export interface Booking { facility: string; service: string; slot?: string | null; drawn_at: string | null; tickets: BookedTicket[] }
export interface Relative { token: string; number: string | null; state: TicketState }
export interface Ticket extends Aged {
  token: string;
  facility: { id: string; name: Label; phone: string };
  service: { id: string; name: Label };
  date: string;
  number: string | null;
  slot: string | null; ///< "2026-11-30T10:30" in Japan
  state: TicketState;
  arrival: "none" | "asked" | "confirmed";
  ahead: number | null;
  wait: Range | null;
  room: { id: string; name: Label } | null;
  calling: string | null;
  drawn_at: string | null;
  accepted_at: string;
  reasons: { reason: string; message: string }[];
  absence: AbsenceRule;
  may: { cancel: boolean; arrive: boolean; notice: boolean };
  notice: { state: "waiting" | "sent" | "failed"; near: number } | null;
  family: Relative[];
  messages?: Message[];
}

/// The number of a slip: what the board shows of it.
export interface SlipNumber extends Aged {
  number: string;
  state: "unknown" | "booked" | "waiting" | "called" | "in_room" | "absent" | "hold" | "over";
  ahead: number | null;
  wait: Range | null;
  room: { id: string; name: Label } | null;
}

export type Person = { card: string; birth: string } | { name: string; phone: string };
export interface NoticeRequest { email: string; near: number; lang: string }
export interface BookingRequest { service: string; kind?: string; slot?: string; people: Person[]; notice?: NoticeRequest }

/// `slot`: "2026-11-30T10:30" in Japan; `free`: places that can be had, 0 where `reason` says why none can; `opens`: the
/// day from which one that is too far ahead can be had.
export interface Slot { slot: string; minutes: number; places: number; free: number; reason: string; opens?: string | null; message: string }
export interface SlotDay { date: string; slots: Slot[] }
export interface Slots { facility: string; service: string; days: SlotDay[] }

/// What a refusal says (`error` of the answer).
export interface Refusal { code: string; reason: string; message: string; detail?: string; opens_at?: string | null }
