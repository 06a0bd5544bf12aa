/** Internet protocol numbers that audit records hold, by the names of protocols(5). Source of truth: IANA protocol numbers. */
import { NameTable } from "../tables/name-table.ts"

const PROTOCOLS = new NameTable(
  "ip icmp igmp ggp ipencap st tcp 8 egp igp 12 pup 17 udp 20 hmp 22 xns-idp 27 rdp 29 iso-tp4 33 dccp " +
    "36 xtp ddp idpr-cmtp 41 ipv6 43 ipv6-route ipv6-frag idrp rsvp gre 50 esp ah 57 skip ipv6-icmp " +
    "ipv6-nonxt ipv6-opts 73 rspf 81 vmtp 88 eigrp ospf 93 ax.25 ipip 97 etherip encap 103 pim 108 ipcomp " +
    "112 vrrp 115 l2tp 124 isis 132 sctp fc 135 mobility-header udplite mpls-in-ip manet hip shim6 wesp rohc " +
    "ethernet 262 mptcp",
)

export function protocolName(number: number): string | undefined {
  return PROTOCOLS.name(number)
}
