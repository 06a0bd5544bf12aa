/** What stands before and behind the records of praudit's XML. */
export const PRAUDIT_XML_HEAD = "<?xml version='1.0' ?>\n<audit>\n"
export const PRAUDIT_XML_END = "</audit>\n"
