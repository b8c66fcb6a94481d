// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Calldata} from "../Calldata.sol";
import {ConditionText} from "./ConditionText.sol";
import {Fees} from "../Fees.sol";
import {Functions} from "./Functions.sol";
import {Glyphs} from "./Glyphs.sol";
import {HexText} from "./HexText.sol";
import {IWritModule} from "../../interfaces/IWritModule.sol";
import {Memory} from "../Memory.sol";
import {MeterText} from "./MeterText.sol";
import {Names} from "./Names.sol";
import {NumberText} from "./NumberText.sol";
import {Pen} from "./Pen.sol";
import {RuleText} from "./RuleText.sol";
import {Sheet} from "./Sheet.sol";
import {TimeText} from "./TimeText.sol";
import {Words} from "./Words.sol";

/// @title The text of a whole grant, as docs/device-text.md defines it.
library GrantText {
    uint256 private constant PREAMBLE = 59;
    uint256 private constant MOST_LINES = 250;
    uint256 private constant MOST_CHARACTERS = 7600;
    /// What stands before the lines that Pen writes takes less.
    uint256 private constant ROOM = 96;

    /// @notice The text of the grant of `length` bytes at calldata position `from`, which has the form of docs/format.md: where it begins and how many characters it has.
    function print(uint256 from, uint256 length) internal pure returns (uint256 begin, uint256 size) {
        unchecked {
            Memory.takeUntil(Sheet.END);
            Glyphs.open();
            HexText.open();
            uint256 p = Memory.take(length);
            Calldata.copy(p, from, length);
            Memory.put(Sheet.GRANT, p);
            Memory.put(Sheet.DEPTH, 0);
            Memory.put(Sheet.ARGUMENTS, 0);
            uint256 header = p + PREAMBLE + 2;
            uint256 at = tokens(header + Memory.number(p + PREAMBLE, 2));
            at = MeterText.open(at);
            at = Functions.open(at);
            MeterText.share(Memory.one(header) & Fees.BUDGET != 0, at + 3, 3);

            uint256 body = Memory.take(ROOM) + ROOM;
            Pen.start(body);
            head(p, header);
            uint256 rules = Memory.number(at, 3);
            at += 3;
            for (uint256 i = 1; i <= rules; ++i) at = RuleText.rule(at, (i << 8) | 1, true);
            (uint256 end, uint256 lines) = Pen.finish();
            return frame(body, end, lines + 3, rules);
        }
    }

    /// @dev The first two lines before the others, the padding and the last line behind them.
    function frame(
        uint256 body,
        uint256 end,
        uint256 lines,
        uint256 rules
    ) private pure returns (uint256 begin, uint256 size) {
        unchecked {
            for (; lines <= MOST_LINES && crashes(lines); ++lines) {
                Memory.put(end, uint256(bytes32("\n-")));
                end += 2;
            }
            uint256 count = Glyphs.join(
                NumberText.digits(rules),
                rules == 1 ? uint256(bytes32(" rule")) + 5 : uint256(bytes32(" rules")) + 6
            );
            Memory.put(end, uint256(bytes32("\nEND ")));
            end = write(end + 5, count);
            Memory.put(end, uint256(bytes32(".")));
            ++end;
            // Both lines end before `body`.
            uint256 kept = Memory.word(body);
            uint256 number = NumberText.digits(lines);
            begin = body - 26 - Glyphs.lengthOf(count) - Glyphs.lengthOf(number);
            Memory.put(begin, uint256(bytes32("GRANT AGENT KEY;\n")));
            uint256 at = write(begin + 17, count);
            Memory.put(at, uint256(bytes32(", ")));
            at = write(at + 2, number);
            Memory.put(at, uint256(bytes32(" lines;")));
            Memory.put(body, kept);
            size = end - begin;
            if (lines > MOST_LINES || size > MOST_CHARACTERS) revert IWritModule.TextTooLong(lines, size);
        }
    }

    /// @dev Writes a token's characters; the position behind them.
    function write(uint256 at, uint256 token) private pure returns (uint256) {
        unchecked {
            Memory.put(at, token);
            return at + Glyphs.lengthOf(token);
        }
    }

    /// @dev Whether Flex (pages of 11 lines and 26 columns) or Stax (12 and 22) crashes over a text of so many lines.
    function crashes(uint256 lines) private pure returns (bool) {
        unchecked {
            uint256 before = (lines - 1) / 11;
            if (before != 0 && lines - 11 * before + (3 * before + 25) / 26 > 11) return true;
            before = (lines - 1) / 12;
            return before != 0 && lines - 12 * before + (3 * before + 21) / 22 > 12;
        }
    }

    // ---------------------------------------------------------------- what stands before the rules

    /// @dev Reads the tokens `tokenCount1 ‖ token*` at `p`; the position behind them.
    function tokens(uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 count = Memory.one(p);
            uint256 first = Memory.take(Sheet.SIZE_OF_TOKEN * count);
            uint256 entry = first;
            Memory.put(Sheet.TOKENS, first);
            Memory.put(Sheet.TOKEN_COUNT, count);
            ++p;
            for (; count != 0; --count) {
                // address20 ‖ decimals1 ‖ symbolLength1 ‖ symbol
                uint256 account = Memory.number(p, 20);
                uint256 size = Memory.one(p + 21);
                uint256 symbol = Names.symbol(p + 22, size);
                for (uint256 other = first; other != entry; other += Sheet.SIZE_OF_TOKEN)
                    if (Memory.word(other) == account || Names.folded(Memory.word(other + 32)) == Names.folded(symbol))
                        Sheet.hide(p);
                Memory.put(entry, account);
                Memory.put(entry + 32, symbol);
                Memory.put(entry + 64, Memory.one(p + 20));
                entry += Sheet.SIZE_OF_TOKEN;
                p += 22 + size;
            }
            return p;
        }
    }

    /// @dev All that stands before the rules but the first two lines. What is critical comes first: it must be seen without asking for more.
    function head(uint256 p, uint256 header) private pure {
        unchecked {
            // version1 ‖ chainId8 ‖ module20 ‖ account20 ‖ entityId4 ‖ tag6, and flags1 ‖ key20 ‖ from5 ‖ until5
            uint256 until = Memory.number(header + 26, 5);
            if (until >= TimeText.LAST_DATE) Sheet.hide(header + 26);
            // At the beginning of a line: what stands here as one word always fits.
            Pen.word(UNTIL_UTC);
            TimeText.date(until);
            Pen.end();
            uint256 chain = NumberText.digits(Memory.number(p + 1, 8));
            uint256 line = uint24(chain) + CHAIN_LINE;
            if (Glyphs.lengthOf(line) > Glyphs.COLUMNS || Glyphs.widthOf(line) > Glyphs.UNITS) Sheet.hide(p + 1);
            Pen.word(Words.CHAIN);
            Pen.word(chain);
            Pen.end();
            fees(header);
            Pen.word(FROM_UTC);
            TimeText.date(Memory.number(header + 21, 5));
            Pen.end();
            named(Words.KEY, Memory.number(header + 1, 20));
            named(Words.ACCOUNT, Memory.number(p + 29, 20));
            named(Words.MODULE, Memory.number(p + 9, 20));
            Pen.word(Glyphs.join(ENTITY, NumberText.digits(Memory.number(p + 49, 4))));
            Pen.end();
            Pen.word(Glyphs.join(TAG, HexText.plain(Memory.number(p + 53, 6), 6)));
            Pen.end();
            uint256 entry = Memory.word(Sheet.TOKENS);
            for (uint256 count = Memory.word(Sheet.TOKEN_COUNT); count != 0; --count) {
                token(entry);
                entry += Sheet.SIZE_OF_TOKEN;
            }
        }
    }

    /// The width and length of `chain ;`.
    uint256 private constant CHAIN_LINE = uint24(Words.CHAIN) + uint24(Words.SEMICOLON) + Glyphs.SPACE * 256 + 1;

    uint256 private constant UNTIL_UTC = uint256(bytes32("until UTC")) + 416 * 256 + 9;
    uint256 private constant FROM_UTC = uint256(bytes32("from UTC")) + 429 * 256 + 8;
    uint256 private constant ENTITY = uint256(bytes32("entity ")) + 279 * 256 + 7;
    uint256 private constant TAG = uint256(bytes32("tag ")) + 172 * 256 + 4;
    uint256 private constant FEES_ONLY_IF = uint256(bytes32("fees only if")) + 491 * 256 + 12;

    function named(uint256 word, uint256 account) private pure {
        Pen.word(word);
        HexText.party(account);
        Pen.end();
    }

    /// @dev `fees 0.01 ETH/day or sponsored by 0x…;`, then each condition on them.
    function fees(uint256 header) private pure {
        unchecked {
            uint256 flags = Memory.one(header);
            uint256 p = header + 31;
            uint256 shared = flags & Fees.BUDGET == 0 ? 0 : MeterText.sharedAs(0);
            if (flags & Fees.BUDGET != 0 && shared == 0) {
                if (!MeterText.fitsBehind(Words.FEES)) Sheet.hide(header);
                MeterText.limit(0, Words.FEES);
            } else {
                Pen.word(Words.FEES);
                if (shared != 0) Pen.word(shared);
                else if (flags & Fees.SPONSOR == 0) Pen.word(Words.UNLIMITED);
            }
            if (flags & Fees.SPONSOR != 0) {
                if (flags & Fees.BUDGET != 0) Pen.word(Words.OR);
                Pen.word(Words.SPONSORED);
                Pen.word(Words.BY);
                HexText.party(Memory.number(p, 20));
                p += 20;
            }
            Pen.end();
            if (flags & Fees.BUDGET != 0) p += 6 + (Memory.one(p) & 63);
            if (flags & Fees.CONDITIONS == 0) return;
            uint256 count = Memory.one(p);
            ++p;
            for (; count != 0; --count) {
                Pen.word(FEES_ONLY_IF);
                p = ConditionText.condition(p);
                Pen.end();
            }
        }
    }

    /// @dev `token USDC 6 dec 0x…;`, `token DAI base units 0x…;`
    function token(uint256 entry) private pure {
        unchecked {
            Pen.word(Words.TOKEN);
            Pen.word(Memory.word(entry + 32));
            uint256 decimals = Memory.word(entry + 64);
            if (decimals == BASE_UNITS) {
                Pen.word(Words.BASE);
                Pen.word(Words.UNITS);
            } else {
                Pen.word(NumberText.digits(decimals));
                Pen.more(Words.DEC);
            }
            HexText.party(Memory.word(entry));
            Pen.end();
        }
    }

    uint256 private constant BASE_UNITS = 0xff;
}
