/** What clients, their models and the record are told. A timeout never says that somebody denied anything. */
export const SILENT_TEXT = 'The server does not answer.'
export const LOST_TEXT =
  'The server did not answer. Whether the call was carried out is not known: find out before you make it again.'
export const UNWRITTEN_TEXT =
  'The call was carried out, but what it answered could not be written down, so it is not given. Find out what it did before you make it again.'
export const AWAY_TEXT =
  'Nobody can decide about this call at present, so it was not carried out. Try again later.'
export const WAITING_TEXT = 'A decision about this call is awaited.'
export const CANCELLED_TEXT = 'The client waits no more.'
export const NOT_CARRIED_OUT = 'Not carried out: the client waited no more.'
