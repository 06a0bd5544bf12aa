/** How auditing is switched on. Source of truth: auditd(8) of macOS and FreeBSD; macOS 14 ships audit_control as an example. */

/** One or two sentences. */
export function howToEnable(platform: string): string {
  if (platform === "freebsd") return 'Set auditd_enable="YES" in /etc/rc.conf, and run: service auditd start'
  return (
    "macOS 14 and newer come with auditing off: copy /etc/security/audit_control.example to " +
    "/etc/security/audit_control, enable com.apple.auditd with launchctl, and restart."
  )
}
